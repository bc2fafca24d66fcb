import { readFileSync } from 'node:fs'

/** The byte vectors of one protocol, from independent implementations. */
export const goldenVectors = <V>(protocol: string): readonly V[] => {
  const file = new URL(`../../../fixtures/golden/${protocol}.json`, import.meta.url)
  const golden: { readonly vectors: readonly V[] } = JSON.parse(readFileSync(file, 'utf8'))
  return golden.vectors
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
