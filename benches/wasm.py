#!/usr/bin/env python3
"""bench_print.py of the shared folder with one more slicer, `offcut-wasm`: the npm package in Node.

  OFFCUT=target/release/offcut python3 benches/wasm.py -s offcut-wasm,cura-wasm,offcut -m benchy,bunny,idler,plate36 --set threads=1
"""
import os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get('OFFCUT_SHARED', os.path.join(HERE, '..', '..', 'shared'))
BENCH = os.path.join(SHARED, 'peers', 'bench_print.py')
if not os.path.exists(BENCH):
    sys.exit('skipped: the shared folder with bench_print.py is not there')
space = {'__file__': BENCH, '__name__': 'bench_print'}
source = open(BENCH).read().rstrip()
assert source.endswith('main()')
exec(compile(source[:-len('main()')], BENCH, 'exec'), space)


def offcut_wasm(mesh, out, S):
    argv, env = space['offcut'](mesh, out, S)
    sets = [argv[i + 1] for i, a in enumerate(argv) if a == '--set']
    return ['node', os.path.join(HERE, 'wasm.mjs'), mesh, out, *sets], env


space['SLICERS']['offcut-wasm'] = offcut_wasm
space['main']()
