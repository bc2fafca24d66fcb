import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LoaError } from '../../../agent/core/error.ts'
import { AUTHORITY_CONFIGURATION, clientExtensions, openssl, serverExtensions } from './openssl.ts'

export type Certificate = { readonly cert: string; readonly key: string }

/** A private authority in a folder: it vouches for the broker and its clients, and says who is barred. */
export type Authority = {
  readonly ca: string
  /** Certificates that are barred (CRL). */
  readonly crl: string
  /** The certificate of a broker for host names or addresses; made once for the same file. `ended` as for clients. */
  readonly server: (
    file: string,
    names: readonly string[],
    options?: { readonly ended?: boolean },
  ) => Promise<Certificate>
  /** The certificate of a client with this name; made once. `ended`: it is no longer valid, for trying that out. */
  readonly client: (name: string, options?: { readonly ended?: boolean }) => Promise<Certificate>
  /**
   * The certificate of a client for a request that it made itself; the file of an earlier one of that name gives way.
   * Whether the request is for this name is for the caller to see. @throws LoaError IO when it is none
   */
  readonly sign: (name: string, request: string) => Promise<string>
  /**
   * The one before the last that was signed for this name does not get in any more, once the broker has read the list
   * anew. False: there was none.
   */
  readonly barFormer: (name: string) => Promise<boolean>
  /** Whoever has the certificate of this name does not get in any more. @throws LoaError IO when there is none */
  readonly bar: (name: string) => Promise<void>
}

const AUTHORITY_DAYS = '7300'
const CERTIFICATE_DAYS = '1825'
const PAST = ['-startdate', '20240101000000Z', '-enddate', '20240102000000Z']
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const CONFIGURED = ['-config', 'authority.cnf']
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

const beginAuthority = async (folder: string): Promise<void> => {
  await mkdir(join(folder, 'issued'), { recursive: true })
  await mkdir(join(folder, 'clients'), { recursive: true })
  await writeFile(join(folder, 'authority.cnf'), AUTHORITY_CONFIGURATION)
  await writeFile(join(folder, 'index.txt'), '')
  await writeFile(join(folder, 'crlnumber'), '01\n')
  await openssl(
    folder,
    ...['req', '-x509', ...CONFIGURED, ...NEW_KEY, '-extensions', 'authority', '-keyout', 'ca.key'],
    ...['-out', 'ca.pem', '-days', AUTHORITY_DAYS, '-subj', '/CN=loa-agent province'],
  )
  await chmod(join(folder, 'ca.key'), 0o600)
}

const writeCrl = (folder: string): Promise<void> =>
  openssl(folder, 'ca', ...CONFIGURED, '-gencrl', '-out', 'crl.pem')

/** Opens the authority of a folder, or begins it. Private keys are 0600. */
export const openAuthority = async (folder: string): Promise<Authority> => {
  if (!existsSync(join(folder, 'ca.pem'))) await beginAuthority(folder)
  if (!existsSync(join(folder, 'crl.pem'))) await writeCrl(folder)

  const issue = async (
    file: string,
    name: string,
    extensions: string,
    validity: readonly string[],
  ): Promise<Certificate> => {
    const made = { cert: join(folder, `${file}.pem`), key: join(folder, `${file}.key`) }
    if (existsSync(made.cert)) return made
    await writeFile(join(folder, 'leaf.ext'), extensions)
    await openssl(
      folder,
      ...[
        'req',
        ...CONFIGURED,
        ...NEW_KEY,
        '-keyout',
        `${file}.key`,
        '-out',
        'leaf.csr',
        '-subj',
        `/CN=${name}`,
      ],
    )
    await chmod(made.key, 0o600)
    await openssl(
      folder,
      ...['ca', ...CONFIGURED, '-batch', '-notext', '-in', 'leaf.csr', '-extfile', 'leaf.ext'],
      ...[...validity, '-out', `${file}.pem`],
    )
    await rm(join(folder, 'leaf.csr'))
    return made
  }
  return {
    ca: join(folder, 'ca.pem'),
    crl: join(folder, 'crl.pem'),
    server: (file, names, { ended = false } = {}) =>
      issue(file, names[0] ?? 'broker', serverExtensions(names), ended ? PAST : ['-days', CERTIFICATE_DAYS]),
    client: (name, { ended = false } = {}) => {
      if (!NAME.test(name)) throw new LoaError('USAGE', `${JSON.stringify(name)} is no name for a client`)
      return issue(`clients/${name}`, name, clientExtensions, ended ? PAST : ['-days', CERTIFICATE_DAYS])
    },
    sign: async (name, request) => {
      if (!NAME.test(name)) throw new LoaError('USAGE', `${JSON.stringify(name)} is no name for a client`)
      const file = join(folder, `clients/${name}.pem`)
      const asked = join(folder, `clients/${name}.csr`)
      const signed = `${file}.new`
      await writeFile(asked, request)
      await writeFile(join(folder, 'client.ext'), clientExtensions)
      await openssl(
        folder,
        ...['ca', ...CONFIGURED, '-batch', '-notext', '-in', asked, '-extfile', 'client.ext'],
        // The name is the caller's, whatever else the request says.
        ...['-subj', `/CN=${name}`, '-days', CERTIFICATE_DAYS, '-out', signed],
      )
      await rm(asked)
      if (existsSync(file)) await rename(file, join(folder, `clients/${name}.former.pem`))
      await rename(signed, file)
      return await readFile(file, 'utf8')
    },
    barFormer: async (name) => {
      const former = `clients/${name}.former.pem`
      if (!existsSync(join(folder, former))) return false
      await openssl(folder, 'ca', ...CONFIGURED, '-revoke', former)
      await rm(join(folder, former))
      await writeCrl(folder)
      return true
    },
    bar: async (name) => {
      await openssl(folder, 'ca', ...CONFIGURED, '-revoke', `clients/${name}.pem`)
      await writeCrl(folder)
    },
  }
}
