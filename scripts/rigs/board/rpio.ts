import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cached } from '../../packaging/cached.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MODULES = join(ROOT, 'node_modules')
const BINARY = 'build/Release/rpio.node'
/** As node-gyp defines them for every native module. */
const DEFINES = [
  '-DNODE_GYP_MODULE_NAME=rpio',
  '-DBUILDING_NODE_EXTENSION',
  '-DUSING_UV_SHARED=1',
  '-DUSING_V8_SHARED=1',
]
const C_SOURCES = ['bcm2835', 'sunxi']

const headers = (): string => {
  const [found] = globSync('node/node_modules/node-linux-*/include/node', { cwd: MODULES })
  if (found === undefined) throw new Error('the Node of the project has no headers')
  return join(MODULES, found)
}

/** The native part of rpio for arm64, compiled on this machine: its package brings none. */
const compile = (into: string): void => {
  const source = join(MODULES, 'rpio/src')
  const options = ['-O2', '-fPIC', ...DEFINES, `-I${headers()}`, `-I${join(MODULES, 'nan')}`]
  for (const name of C_SOURCES)
    execFileSync('aarch64-linux-gnu-gcc', [
      ...options,
      '-w',
      '-c',
      join(source, `${name}.c`),
      '-o',
      join(into, `${name}.o`),
    ])
  execFileSync('aarch64-linux-gnu-g++', [
    ...options,
    '-w',
    '-std=gnu++20',
    '-shared',
    '-o',
    join(into, 'rpio.node'),
    join(source, 'rpio.cc'),
    ...C_SOURCES.map((name) => join(into, `${name}.o`)),
  ])
}

/** Puts the native part of rpio where its module looks for it, in a folder with the node modules of a board. */
export const addRpio = (cache: string, tree: string): void => {
  const versions = ['rpio', 'node'].map((name) => readFileSync(join(MODULES, name, 'package.json'), 'utf8'))
  const folder = cached(cache, 'rpio', [versions, 1], compile)
  const binary = join(tree, 'node_modules/rpio', BINARY)
  mkdirSync(dirname(binary), { recursive: true })
  copyFileSync(join(folder, 'rpio.node'), binary)
}
