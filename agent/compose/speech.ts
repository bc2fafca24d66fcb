import { InstalledSpeech } from '../../drivers/speech/installed-speech.ts'
import type { Speech } from '../ports/speech.ts'
import type { Condition } from '../services/condition.ts'
import type { Ground } from './ground.ts'

/** Who speaks. What piper cannot say is told once a voice: each text that fails must not fill the outbox. */
export function assembleSpeech({ config, logger }: Ground, condition: () => Condition): Speech {
  const told = new Set<string>()
  return new InstalledSpeech({
    ...config.speech,
    onRefused: (data) => {
      logger.warn(data, 'a text is left to espeak-ng')
      if (!told.has(data.voice)) condition().event('DECODER', 'warning', data)
      told.add(data.voice)
    },
  })
}
