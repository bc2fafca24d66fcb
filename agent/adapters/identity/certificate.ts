import { createPrivateKey, X509Certificate } from 'node:crypto'
import { messageOf } from '../../core/error.ts'

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Every certificate of a PEM text. @throws when one is damaged */
const certificatesIn = (pem: string): readonly X509Certificate[] =>
  (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block))

const vouches = (issuer: X509Certificate, of: X509Certificate): boolean =>
  of.checkIssued(issuer) && of.verify(issuer.publicKey)

/** Whether a way leads from the certificate over those that came with it to an authority. */
const leadsTo = (
  authorities: readonly X509Certificate[],
  [leaf, ...between]: readonly X509Certificate[],
): boolean => {
  if (leaf === undefined) return false
  if (authorities.some((authority) => vouches(authority, leaf))) return true
  const [next, ...more] = between
  return next !== undefined && vouches(next, leaf) && leadsTo(authorities, [next, ...more])
}

export const commonName = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? ''

/** Time that the clock of a device may be behind that of the authority. */
const CLOCK_SLACK_MS = 600_000

export type Expected = {
  /** CN that it must bear. */
  readonly name: string
  readonly keyPem: string
  /** PEM of the authorities; what they vouch for is not judged without. */
  readonly caPem?: string | undefined
  readonly now: number
}

/** What of `name`, `key`, `authority` and `dates` is wrong with a certificate; undefined when nothing is. */
export const certificateFault = (
  pem: string,
  { name, keyPem, caPem, now }: Expected,
):
  | { readonly what: 'damaged' | 'name' | 'key' | 'authority' | 'dates'; readonly detail: string }
  | undefined => {
  try {
    const chain = certificatesIn(pem)
    const [leaf] = chain
    if (leaf === undefined) return { what: 'damaged', detail: 'no PEM' }
    if (commonName(leaf) !== name) return { what: 'name', detail: commonName(leaf) }
    if (!leaf.checkPrivateKey(createPrivateKey(keyPem))) return { what: 'key', detail: leaf.serialNumber }
    if (caPem !== undefined && !leadsTo(certificatesIn(caPem), chain))
      return { what: 'authority', detail: leaf.issuer.replaceAll('\n', ' ') }
    const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)]
    if (now > to || now < from - CLOCK_SLACK_MS)
      return { what: 'dates', detail: `${leaf.validFrom} - ${leaf.validTo}` }
    return undefined
  } catch (error) {
    return { what: 'damaged', detail: messageOf(error) }
  }
}

/** Whether a PEM text holds certificates and nothing that is none. */
export const isCertificates = (pem: string): boolean => {
  try {
    return certificatesIn(pem).length > 0
  } catch {
    return false
  }
}
