import { getSystemErrorMap } from 'node:util'

/** `-16` becomes `EBUSY (resource busy or locked)`. Takes what a call of `Libc` answered. */
export const describeErrno = (answer: number): string => {
  const [name, text] = getSystemErrorMap().get(answer) ?? [`errno ${-answer}`, 'unknown error']
  return `${name} (${text})`
}
