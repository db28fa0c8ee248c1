/** Colours of the preview. Roles: hues that people with any colour vision tell apart by lightness too. */

/** In the order of ROLES of the package. */
export const ROLE_COLORS = [
  "#e8743b", // external perimeter
  "#f2c14e", // perimeter
  "#3c50dc", // overhang perimeter
  "#9c3a34", // internal infill
  "#8f62c9", // solid infill
  "#dd4b62", // top solid infill
  "#4f8fca", // bridge infill
  "#f4f4ef", // gap fill
  "#1a8a78", // skirt, brim
  "#57b65f", // support material
  "#1f7a33", // support interface
  "#7ccaa8", // custom
];
export const TRAVEL_COLOR = "#5a8fd0";
/** From low to high: viridis, which stays in order in greys. */
export const RAMP = ["#46327e", "#365c8d", "#277f8e", "#4ac16d", "#fde725"];
