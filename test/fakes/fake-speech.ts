import { LoaError } from '../../agent/core/error.ts'
import type { Speech } from '../../agent/ports/speech.ts'
import { wavOf } from '../../drivers/speech/wav-header.ts'

const RATE = 22_050
const MS_A_CHARACTER = 70

/** "Speaks" any text as silence of its length, each text and voice with bytes of its own. */
export class FakeSpeech implements Speech {
  readonly asked: string[] = []
  fault: 'DECODER' | 'BAD_MEDIA' | undefined
  hang = false

  engineOf(): string {
    return 'fake 1'
  }

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
    return wavOf(samples, RATE)
  }
}
