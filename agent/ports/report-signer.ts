import type { ReportSignature } from '../core/selftest/report.ts'

/** Signs what this device says of itself, with the key that it is known by to the province. */
export interface ReportSigner {
  /** A compact JWS of the text with this `typ`; without a key that can be used, why not. Never rejects. */
  sign(typ: string, text: string): Promise<ReportSignature | { readonly unsigned: string }>
}
