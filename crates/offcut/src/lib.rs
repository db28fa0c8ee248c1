//! The offcut engine: a job in, an outcome out.
