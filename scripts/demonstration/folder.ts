import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { LoaError } from '../../agent/core/error.ts'

/** Proves that a folder was made by the demo and may be emptied by it. */
const MARK = '.made-by-demo'
/** sun_path of Linux has 108 bytes, the last of them 0. */
const LONGEST_SOCKET_PATH = 107

/** Where things are inside the folder of the demo. */
export type DemoFolder = {
  readonly path: string
  readonly province: string
  readonly state: string
  readonly runtime: string
  readonly socket: string
  readonly agentYaml: string
  readonly boardYaml: string
  readonly log: string
}

const layOut = (directory: string): DemoFolder => {
  const path = resolve(directory)
  const runtime = join(path, 'run')
  return {
    path,
    province: join(path, 'province'),
    state: join(path, 'state'),
    runtime,
    socket: join(runtime, 'control.sock'),
    agentYaml: join(path, 'agent.yaml'),
    boardYaml: join(path, 'board.yaml'),
    log: join(path, 'agent.log'),
  }
}

const answers = (socket: string): Promise<boolean> =>
  new Promise((done) => {
    const connection = connect(socket)
    connection.once('error', () => done(false))
    connection.once('connect', () => {
      connection.destroy()
      done(true)
    })
  })

/** Names of the entries; none when there is no such folder. */
const entriesOf = async (path: string): Promise<readonly string[]> => {
  try {
    return await readdir(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/**
 * An empty folder for one run.
 * @throws USAGE when there are files in it that no demo made, when a demo runs there, or when its path is too long for a socket
 */
export const prepareFolder = async (directory: string): Promise<DemoFolder> => {
  const folder = layOut(directory)
  if (Buffer.byteLength(folder.socket) > LONGEST_SOCKET_PATH)
    throw new LoaError('USAGE', `${folder.path} is too long a path for a control socket; take another --dir`)
  const entries = await entriesOf(folder.path)
  if (entries.length > 0 && !entries.includes(MARK))
    throw new LoaError('USAGE', `${folder.path} has files that no demo made; take another --dir`)
  if (await answers(folder.socket))
    throw new LoaError(
      'USAGE',
      `a demo is running in ${folder.path}; end it with Ctrl-C or take another --dir`,
    )
  await rm(folder.path, { recursive: true, force: true })
  await mkdir(folder.path, { recursive: true })
  await writeFile(join(folder.path, MARK), 'scripts/demo empties this folder at each run\n')
  return folder
}
