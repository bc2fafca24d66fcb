import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LoaError, messageOf } from '../../../agent/core/error.ts'

/** Runs openssl in a folder. @throws LoaError IO with what it said, or how to get it */
export const openssl = async (folder: string, ...args: readonly string[]): Promise<void> => {
  try {
    await promisify(execFile)('openssl', [...args], { cwd: folder })
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const said = missing ? 'it is not installed: apt-get install openssl' : messageOf(cause)
    throw new LoaError('IO', `openssl ${args[0] ?? ''}: ${said}`, { cause })
  }
}

/** What `openssl ca` needs to know; all paths are in the folder of the authority. */
export const AUTHORITY_CONFIGURATION = `[ca]
default_ca = loa
[loa]
database = index.txt
new_certs_dir = issued
certificate = ca.pem
private_key = ca.key
rand_serial = yes
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3650
policy = name_only
unique_subject = no
[name_only]
commonName = supplied
[req]
distinguished_name = nothing
[nothing]
[authority]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`

const LEAF = 'basicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n'
export const clientExtensions = `${LEAF}extendedKeyUsage = clientAuth\n`
export const serverExtensions = (names: readonly string[]): string => {
  const all = names.map((name) => (/^[0-9.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`))
  return `${LEAF}extendedKeyUsage = serverAuth\nsubjectAltName = ${all.join(',')}\n`
}
