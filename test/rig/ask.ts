import { connect } from 'node:net'
import type { ControlAnswer } from '../../agent/wire/control-verbs.ts'

/** One question over the control socket. */
export const ask = <T>(socketPath: string, verb: string): Promise<T> =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(socketPath)
    socket.setTimeout(5000, () => socket.destroy(new Error('the control socket is silent')))
    socket.once('connect', () => socket.write(`${JSON.stringify({ verb })}\n`))
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
    })
    socket.once('error', reject)
    socket.once('close', () => {
      try {
        const answer: ControlAnswer = JSON.parse(text)
        if (answer.ok) resolve(answer.value as T)
        else reject(new Error(answer.message))
      } catch (error) {
        reject(error)
      }
    })
  })
