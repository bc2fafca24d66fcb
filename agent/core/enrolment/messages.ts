/** Why the province makes no certificate. All but the last two end the code. */
export const ENROLMENT_REFUSALS = ['used', 'expired', 'request', 'unknown', 'busy'] as const
export type EnrolmentRefusal = (typeof ENROLMENT_REFUSALS)[number]

export type EnrolmentRequest = {
  readonly v: 1
  readonly device: string
  /** 128 random bits, base64url. */
  readonly nonce: string
  /** PKCS #10 in DER, base64url. */
  readonly csr: string
  /** HMAC-SHA256 over `requestText` with the letters of the code as key, base64url. */
  readonly mac: string
}

export type EnrolmentAnswer = {
  readonly v: 1
  readonly device: string
  /** That of the request. */
  readonly nonce: string
  readonly status: 'issued' | 'refused'
  /** PEM: the certificate, then those between it and the authority. */
  readonly certificate?: string
  readonly reason?: EnrolmentRefusal
  /** Absent where the province knows no code of this device: then anybody may have said it. */
  readonly mac?: string
}

/** What the code vouches for; the first line keeps a request from passing for an answer. */
export const requestText = ({ device, nonce, csr }: Omit<EnrolmentRequest, 'v' | 'mac'>): string =>
  ['loa-enrol-request-1', device, nonce, csr].join('\n')

export const answerText = (answer: Omit<EnrolmentAnswer, 'v' | 'mac'>): string => {
  const { device, nonce, status, reason, certificate } = answer
  return ['loa-enrol-answer-1', device, nonce, status, reason ?? '', certificate ?? ''].join('\n')
}

export const enrolmentTopics = (
  root: string,
  device: string,
): { readonly request: string; readonly answer: string } => ({
  request: `${root}/enrol/${device}/request`,
  answer: `${root}/enrol/${device}/answer`,
})
