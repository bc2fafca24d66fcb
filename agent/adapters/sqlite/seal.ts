import { createHash } from 'node:crypto'

const DIGEST_LENGTH = 64

/** A line that tells by its digest whether it is whole. */
export const sealed = (content: unknown): Buffer => {
  const body = JSON.stringify(content)
  return Buffer.from(`${createHash('sha256').update(body).digest('hex')}${body}\n`)
}

/** The first line of `bytes`, whatever follows it; undefined when it is not whole. Only we write such lines. */
export const unsealed = <T>(bytes: Buffer): T | undefined => {
  const end = bytes.indexOf(0x0a)
  if (end < DIGEST_LENGTH) return undefined
  const digest = bytes.toString('latin1', 0, DIGEST_LENGTH)
  const body = bytes.toString('utf8', DIGEST_LENGTH, end)
  return digest === createHash('sha256').update(body).digest('hex') ? (JSON.parse(body) as T) : undefined
}
