import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { LoaError } from '../../core/error.ts'

const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', (error) => {
      const code = codeOf(error)
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false)
      else reject(error)
    })
  })

/**
 * Makes `path` free for a new socket. A socket left by an agent that died goes; one that somebody listens on stays.
 * @throws IO when another agent answers there, or something that is not a socket stands there
 */
export const clearStaleSocket = async (path: string): Promise<void> => {
  try {
    const held = await lstat(path)
    if (!held.isSocket()) throw new LoaError('IO', `${path} is in the way: it is not a socket`)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (await answers(path)) {
    throw new LoaError('IO', `another agent answers on ${path}; stop it first`)
  }
  await unlink(path)
}
