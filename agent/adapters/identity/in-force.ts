import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentConfig } from '../../core/configuration.ts'
import { credentialPath } from '../../core/credential.ts'
import { commonName } from './certificate.ts'

/** Key and certificate are in one file each: a power cut never leaves one without the other. */
export const identityFiles = (stateFolder: string) => {
  const folder = join(stateFolder, 'identity')
  return {
    folder,
    /** Key of the certificate that was asked for. */
    asked: join(folder, 'asked.key'),
    trial: join(folder, 'trial.pem'),
    renewed: join(folder, 'renewed.pem'),
  }
}

const certificateIn = (file: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(readFileSync(file))
  } catch {
    return undefined
  }
}

/** When the certificate of a file began to be valid. Milliseconds since 1970; undefined when there is none that can be read. */
export const validSince = (file: string | undefined): number | undefined => {
  const certificate = file === undefined ? undefined : certificateIn(file)
  return certificate && Date.parse(certificate.validFrom)
}

type Where = Pick<AgentConfig, 'mqtt' | 'paths' | 'device'>

/**
 * The pair that counts: the younger of what agent.yaml names and what the province had renewed for this id. So a pair
 * that somebody puts in place of the named one counts again. Nothing where agent.yaml names none.
 */
export const pairInForce = (
  { mqtt, paths, device }: Where,
  credentialsDirectory: string | undefined,
): { readonly cert: string; readonly key: string } | undefined => {
  const { cert, key } = mqtt
  if (cert === undefined || key === undefined) return undefined
  const { renewed } = identityFiles(paths.state)
  const younger = certificateIn(renewed)
  if (younger === undefined || commonName(younger) !== device.id) return { cert, key }
  const before = validSince(credentialPath(cert, credentialsDirectory))
  const isOlder = before !== undefined && before > Date.parse(younger.validFrom)
  return isOlder ? { cert, key } : { cert: renewed, key: renewed }
}

/** The configuration with the pair that counts. */
export const withPairInForce = (
  config: AgentConfig,
  credentialsDirectory: string | undefined,
): AgentConfig => ({
  ...config,
  mqtt: { ...config.mqtt, ...pairInForce(config, credentialsDirectory) },
})
