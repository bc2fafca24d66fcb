import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const RGB_OF_8_BITS = [8, 2, 0, 0, 0]
/** A deflater with its usual window takes a quarter of a megabyte for a picture of a few kilobytes. */
const SMALL = { windowBits: 12, memLevel: 4 }

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** Each row behind the byte that says it is not filtered. */
const rowsOf = (width: number, height: number, rgb: Uint8Array): Buffer => {
  const stride = width * 3
  const rows = Buffer.alloc(height * (stride + 1))
  for (let y = 0; y < height; y += 1)
    rows.set(rgb.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1)
  return rows
}

/**
 * A PNG of RGB888 pixels, row by row from the top left. The library that draws previews for the command would stay in the
 * agent's memory with some megabytes: what zlib and five fields of a header make is enough here.
 * @see RFC 2083, 3.2 and 4.1
 */
export const smallPng = (picture: {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}): Buffer => {
  const { width, height, rgb } = picture
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set(RGB_OF_8_BITS, 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rowsOf(width, height, rgb), SMALL)),
    chunk('IEND', new Uint8Array()),
  ])
}
