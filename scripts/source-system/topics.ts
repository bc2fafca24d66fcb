import { LoaError } from '../../agent/core/error.ts'
import { DOCUMENT_KINDS } from './sign.ts'

/** What of a document decides where it goes and how it is enveloped. */
export type Addressed = {
  readonly kind: (typeof DOCUMENT_KINDS)[number]
  readonly area?: string
  readonly device?: string
  readonly rev?: number
}

const AREA = /^(vn|\d{2}(\/\d{5})?)$/
const DEVICE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** @throws LoaError INVALID unless it is a JSON object with a known `kind`, and an `area` or a `device`. */
export const addressOf = (payload: Uint8Array | string): Addressed => {
  const value = parseObject(payload)
  const kind = DOCUMENT_KINDS.find((known) => known === value['kind'])
  if (kind === undefined) {
    throw invalid(`kind must be one of ${DOCUMENT_KINDS.join(', ')}`, 'kind')
  }
  const { area, device, rev } = value
  if (area !== undefined && !(typeof area === 'string' && AREA.test(area))) {
    throw invalid('area must be vn, two digits, or two digits / five digits', 'area')
  }
  if (device !== undefined && !(typeof device === 'string' && DEVICE.test(device))) {
    throw invalid('device must be a device id', 'device')
  }
  if (area === undefined && device === undefined) throw invalid('an area or a device is missing', 'area')
  return {
    kind,
    ...(area === undefined ? {} : { area }),
    ...(device === undefined ? {} : { device }),
    ...(typeof rev === 'number' ? { rev } : {}),
  }
}

const invalid = (message: string, path: string): LoaError => new LoaError('INVALID', message, { path })

const parseObject = (payload: Uint8Array | string): Record<string, unknown> => {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch (cause) {
    throw new LoaError('INVALID', 'the document is no JSON', { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LoaError('INVALID', 'the document is no JSON object')
  }
  return { ...value }
}

export type DeviceAddress = { readonly province: string; readonly device: string }

/** A topic of one device: `up/state`, `down/command`, … */
export const deviceTopic = (root: string, { province, device }: DeviceAddress, leaf: string): string =>
  `${root}/device/${province}/${device}/${leaf}`

/** @throws LoaError USAGE for a document of a device without its province, which no document names. */
export const documentTopic = (root: string, document: Addressed, province?: string): string => {
  if (document.area !== undefined) return `${root}/area/${document.area}/${document.kind}`
  if (province === undefined || !/^\d{2}$/.test(province)) {
    throw new LoaError('USAGE', `--province PP is needed for a ${document.kind} of a device`)
  }
  return deviceTopic(root, { province, device: document.device ?? '' }, `down/${document.kind}`)
}

/** Which device and message a topic of `up/…` belongs to; undefined for every other topic. */
export const parseUpTopic = (
  root: string,
  topic: string,
): (DeviceAddress & { readonly leaf: string }) | undefined => {
  if (!topic.startsWith(`${root}/device/`)) return undefined
  const [province, device, up, leaf, more] = topic.slice(root.length + '/device/'.length).split('/')
  if (province === undefined || device === undefined || leaf === undefined) return undefined
  if (up !== 'up' || more !== undefined) return undefined
  return /^\d{2}$/.test(province) && DEVICE.test(device) ? { province, device, leaf } : undefined
}
