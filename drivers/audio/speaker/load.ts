import type { Speaker, SpeakerOptions } from 'speaker'
import { LoaError, messageOf } from '../../../agent/core/error.ts'
import { probeAlsaDevice } from '../../native/alsa.ts'

export type SpeakerClass = new (options: SpeakerOptions) => Speaker
type Load = () => Promise<{ readonly default: SpeakerClass }>

let loaded: SpeakerClass | undefined

/** Its native part ends the process when it is loaded where this device is missing, and waits for one that is taken. */
const requireDefaultDevice = (): void => {
  try {
    probeAlsaDevice('default')
  } catch (cause) {
    throw new LoaError(
      'AUDIO_DEVICE',
      `driver speaker needs a default ALSA device to load its package (name one as pcm.!default in /etc/asound.conf, or use driver alsa): ${messageOf(cause)}`,
      { cause },
    )
  }
}

/**
 * speaker is an optional dependency with a native part that is not built on installation.
 * @throws AUDIO_DEVICE where there is no default device. @throws UNSUPPORTED with the command that builds it
 */
export const loadSpeaker = async (load: Load = () => import('speaker')): Promise<SpeakerClass> => {
  if (loaded !== undefined) return loaded
  requireDefaultDevice()
  try {
    loaded = (await load()).default
    return loaded
  } catch (cause) {
    throw new LoaError(
      'UNSUPPORTED',
      `speaker is not installed, or not built (run \`scripts/build-speaker\`, or use driver alsa with the same device): ${messageOf(cause).split('\n')[0]}`,
      { cause },
    )
  }
}
