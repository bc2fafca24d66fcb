import { epochMs } from '../../core/time.ts'
import type { HeldDocument } from '../../ports/state-store.ts'
import { type Mirror, readMirrorFile, writeMirror } from './state-mirror.ts'

type Written = Omit<HeldDocument, 'message'> & { readonly message: string }

const isWritten = (value: unknown): value is Written => {
  const { key, rev, hash, signers, message, acceptedAt }: Record<string, unknown> = Object(value)
  return (
    [key, hash, message].every((text) => typeof text === 'string') &&
    [rev, acceptedAt].every((count) => Number.isSafeInteger(count)) &&
    Array.isArray(signers) &&
    signers.every((kid) => typeof kid === 'string')
  )
}

const parse = (text: string): readonly HeldDocument[] => {
  const read: unknown = JSON.parse(text)
  if (!Array.isArray(read) || !read.every(isWritten)) throw new Error('not a list of documents')
  return read.map((document) => ({
    ...document,
    acceptedAt: epochMs(document.acceptedAt),
    message: new Uint8Array(Buffer.from(document.message, 'base64')),
  }))
}

/** The trust documents as they were last mirrored. Whoever takes them up judges their signatures again. */
export const readTrustMirror = (path: string): Mirror<readonly HeldDocument[]> =>
  readMirrorFile(path, parse, [])

/** A file of its own: `facts.json` is written each minute, trust a few times a year. */
export const writeTrustMirror = (path: string, documents: readonly HeldDocument[]): void =>
  writeMirror(
    path,
    documents.map((document) => ({
      ...document,
      acceptedAt: Math.round(document.acceptedAt),
      message: Buffer.from(document.message).toString('base64'),
    })),
  )
