import { execFile } from 'node:child_process'
import { LoaError } from '../../../agent/core/error.ts'

export type CertificateRequest = {
  /** Its CN. */
  readonly name: string
  /** PEM. */
  readonly publicKey: string
}

const ask = (pem: string): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'openssl',
      ['req', '-verify', '-noout', '-subject', '-nameopt', 'multiline,utf8', '-pubkey'],
      { timeout: 10_000 },
      (error, stdout) => {
        const missing = error !== null && 'code' in error && error.code === 'ENOENT'
        if (missing) reject(new LoaError('IO', 'openssl is not installed: apt-get install openssl'))
        else resolve(error === null ? stdout : undefined)
      },
    )
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(pem)
  })

/** What a request for a certificate says; undefined when it is none, or not signed with its own key. */
export const readRequest = async (pem: string): Promise<CertificateRequest | undefined> => {
  const text = await ask(pem)
  const name = /^\s*commonName\s*=\s*(\S+)\s*$/m.exec(text ?? '')?.[1]
  const publicKey = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/.exec(text ?? '')?.[0]
  return name === undefined || publicKey === undefined ? undefined : { name, publicKey }
}
