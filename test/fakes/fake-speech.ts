import { LoaError } from '../../agent/core/error.ts'
import type { Speech } from '../../agent/ports/speech.ts'

const RATE = 22_050
const MS_A_CHARACTER = 70

/** "Speaks" any text as silence of its length, each text and voice with bytes of its own. */
export class FakeSpeech implements Speech {
  engine = 'fake 1'
  readonly asked: string[] = []
  fault: 'DECODER' | 'BAD_MEDIA' | undefined
  hang = false

  async render(text: string, voice: string, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    this.asked.push(`${voice}: ${text}`)
    if (this.hang)
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    await Promise.resolve()
    signal.throwIfAborted()
    if (this.fault !== undefined) throw new LoaError(this.fault, 'as the test wants it')
    if (!/[\p{L}\p{N}]/u.test(text)) throw new LoaError('BAD_MEDIA', 'nothing in the text can be spoken')
    const samples = Buffer.alloc(Math.round((text.length * MS_A_CHARACTER * RATE) / 1000) * 2)
    samples.write(`${voice}|${text}`)
    return Buffer.concat([header(samples.length), samples])
  }
}

/** Of 16 bit mono PCM. */
const header = (length: number): Buffer => {
  const bytes = Buffer.alloc(44)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(length + 36, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(RATE, 24)
  bytes.writeUInt32LE(RATE * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(length, 40)
  return bytes
}
