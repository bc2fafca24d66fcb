import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { credentialPath } from '../../core/credential.ts'
import { LoaError, messageOf } from '../../core/error.ts'

/** Files and names for one broker account; the files are read anew for every connection, so that renewed certificates count. */
export type BrokerAccount = {
  readonly clientId: string
  readonly protocol: 4 | 5
  readonly username?: string
  readonly passwordFile?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** Where systemd put what `credential:NAME` stands for. */
  readonly credentialsDirectory?: string
}

async function read(account: BrokerAccount, name: 'passwordFile' | 'ca' | 'cert' | 'key') {
  const value = account[name]
  if (value === undefined) return undefined
  const path = credentialPath(value, account.credentialsDirectory)
  if (path === undefined)
    throw new LoaError('BROKER', `mqtt.${name}: systemd handed over no ${value}: LoadCredential= in the unit`)
  try {
    return await readFile(path)
  } catch (error) {
    throw new LoaError('BROKER', `mqtt.${name}: ${messageOf(error)}`, { cause: error })
  }
}

/** The password, without the line end that editors leave. @throws BROKER naming the file that cannot be read */
export const readPassword = async (account: BrokerAccount): Promise<string | undefined> =>
  (await read(account, 'passwordFile'))?.toString('utf8').replace(/\r?\n$/, '')

/** What TLS needs. @throws BROKER naming the file that cannot be read, or what is wrong with the certificates */
export async function readSecureContext(account: BrokerAccount): Promise<SecureContext> {
  const [ca, cert, key] = [await read(account, 'ca'), await read(account, 'cert'), await read(account, 'key')]
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    })
  } catch (error) {
    throw new LoaError('BROKER', `mqtt.ca, mqtt.cert or mqtt.key: ${messageOf(error)}`, { cause: error })
  }
}
