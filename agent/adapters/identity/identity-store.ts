import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { AgentConfig } from '../../core/configuration.ts'
import { credentialPath } from '../../core/credential.ts'
import { LoaError, messageOf } from '../../core/error.ts'
import type { IdentityStore } from '../../ports/identity-store.ts'
import { certificateFault } from './certificate.ts'
import { type Rights, remove, rename, textOf, writeWhole } from './files.ts'
import { identityFiles, pairInForce, validSince } from './in-force.ts'
import { createKey, requestFor } from './key-pair.ts'

/** As the files that setup writes: who is of the group may look. */
const RIGHTS: Rights = { mode: 0o640 }

/** @throws IO */
const onDisk = <T>(file: string, work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    throw new LoaError('IO', `${file}: ${messageOf(cause)}`, { cause })
  }
}

/** Undefined for a key that the medium has damaged: it is of no use to anybody. */
const requestOf = (name: string, keyPem: string | undefined): Uint8Array | undefined => {
  try {
    return keyPem === undefined ? undefined : requestFor(name, keyPem)
  } catch (error) {
    if (error instanceof LoaError && error.code === 'CONFIG') return undefined
    throw error
  }
}

/** The pair of a device whose configuration this is, and the one that is to come after it. */
export const openIdentityStore = (
  config: Pick<AgentConfig, 'mqtt' | 'paths' | 'device'>,
  credentialsDirectory: string | undefined,
): IdentityStore => {
  const files = identityFiles(config.paths.state)
  const { ca, cert, key } = config.mqtt
  const name = config.device.id
  let asked: Uint8Array | undefined

  const faultOf = (certificate: string, keyPem: string, now: number): string | undefined => {
    const caFile = ca === undefined ? undefined : credentialPath(ca, credentialsDirectory)
    // One that is named and not there vouches for nothing.
    const caPem = ca === undefined ? undefined : ((caFile && textOf(caFile)) ?? '')
    const fault = certificateFault(certificate, { name, keyPem, caPem, now })
    if (fault !== undefined) return `${FAULTS[fault.what]}: ${fault.detail}`
    const held = pairInForce(config, credentialsDirectory)?.cert
    const heldSince = validSince(held && credentialPath(held, credentialsDirectory))
    const since = Date.parse(new X509Certificate(certificate).validFrom)
    return since < (heldSince ?? 0) ? 'it is older than the one in force' : undefined
  }

  return {
    hasPair: cert !== undefined && key !== undefined,
    get hasTrial() {
      return existsSync(files.trial)
    },
    request: () => {
      if (asked !== undefined && existsSync(files.asked)) return asked
      onDisk(files.folder, () => mkdirSync(files.folder, { recursive: true, mode: 0o750 }))
      asked = requestOf(name, textOf(files.asked))
      if (asked !== undefined) return asked
      const keyPem = createKey()
      writeWhole(files.asked, keyPem, RIGHTS)
      asked = requestFor(name, keyPem)
      return asked
    },
    take: (certificate, now) => {
      const keyPem = textOf(files.asked)
      if (keyPem === undefined) return FAULTS.key
      const fault = faultOf(certificate, keyPem, now)
      if (fault !== undefined) return fault
      writeWhole(files.trial, `${certificate}${keyPem}`, RIGHTS)
      remove(files.asked)
      return undefined
    },
    keep: () => {
      const { validTo } = onDisk(files.trial, () => new X509Certificate(readFileSync(files.trial)))
      rename(files.trial, files.renewed)
      return new Date(validTo).toISOString()
    },
    discard: () => {
      asked = undefined
      for (const file of [files.asked, files.trial]) remove(file)
    },
  }
}

const FAULTS = {
  damaged: 'it cannot be read',
  name: 'it is for another name',
  key: 'it is not for the key that it was asked for',
  authority: 'no authority of mqtt.ca stands for it',
  dates: 'it is not valid now',
} as const
