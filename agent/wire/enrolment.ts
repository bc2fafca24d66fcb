import * as v from 'valibot'
import {
  ENROLMENT_REFUSALS,
  type EnrolmentAnswer,
  type EnrolmentRequest,
} from '../core/enrolment/messages.ts'
import { readJson } from './json.ts'
import { certificates, csr, id, matching } from './scalars.ts'
import { fields } from './shape.ts'
import { validate } from './validate.ts'

/** Of a message of enrolment, either way. */
export const MAX_ENROLMENT_BYTES = 16_384

const nonce = matching(/^[A-Za-z0-9_-]{22}$/, 22, '16 bytes in base64url')
const mac = matching(/^[A-Za-z0-9_-]{43}$/, 43, '32 bytes in base64url')

const request = fields({
  v: v.literal(1),
  device: id,
  nonce,
  csr,
  mac,
})

const answer = fields({
  v: v.literal(1),
  device: id,
  nonce,
  status: v.picklist(['issued', 'refused']),
  certificate: v.exactOptional(certificates),
  reason: v.exactOptional(v.picklist(ENROLMENT_REFUSALS)),
  mac: v.exactOptional(mac),
})

/** @throws INVALID, TOO_LARGE */
export const readEnrolmentRequest = (payload: Uint8Array): EnrolmentRequest =>
  validate<EnrolmentRequest>(request, readJson(payload, MAX_ENROLMENT_BYTES))

/** @throws INVALID, TOO_LARGE */
export const readEnrolmentAnswer = (payload: Uint8Array): EnrolmentAnswer =>
  validate<EnrolmentAnswer>(answer, readJson(payload, MAX_ENROLMENT_BYTES))
