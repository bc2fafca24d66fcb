import type { AmplifierConfig, AudioConfig, CaptureConfig, RelayConfig } from '../agent/core/configuration.ts'
import type { SignConfig } from '../agent/core/sign-configuration.ts'
import type { EpochMs } from '../agent/core/time.ts'
import type { Amplifier } from '../agent/ports/amplifier.ts'
import type { ContactHandlers, Contacts } from '../agent/ports/contacts.ts'
import type { PcmInput } from '../agent/ports/pcm-input.ts'
import type { PcmOutput } from '../agent/ports/pcm-output.ts'
import type { Signboard } from '../agent/ports/signboard.ts'
import { SPEAKER_FILL_MS } from './audio/speaker/fill.ts'
import type { ContactLine } from './gpio/contact-line.ts'
import type { ForcedRelay } from './gpio/force-open.ts'

/** Opens the sound output a board file names. @throws AUDIO_DEVICE, UNSUPPORTED with what to do */
export const openPcmOutput = async (config: AudioConfig): Promise<PcmOutput> => {
  switch (config.driver) {
    case 'alsa': {
      const { AlsaPcmOutput } = await import('./audio/alsa.ts')
      return new AlsaPcmOutput(config)
    }
    case 'wav': {
      const { WavPcmOutput } = await import('./audio/wav.ts')
      return new WavPcmOutput(config)
    }
    case 'speaker': {
      const { openSpeakerOutput } = await import('./audio/speaker/speaker-output.ts')
      return openSpeakerOutput(config)
    }
  }
}

/** Loads what the output of a board file needs: opening it then takes no longer the first time than later. Never rejects. */
export const prepareOutput = async ({ driver }: AudioConfig): Promise<void> => {
  if (driver !== 'alsa') return
  await import('./audio/alsa.ts')
  const { alsa } = await import('./native/alsa.ts')
  try {
    alsa()
  } catch {
    // That there is no libasound is told when the device is to be opened.
  }
}

/**
 * Loads all that opening what hears the loudspeakers needs, so that it holds up nobody later; answers what opens it.
 * That one @throws CAPTURE, UNSUPPORTED with what to do
 */
export const loadPcmInput = async (config: CaptureConfig): Promise<() => Promise<PcmInput>> => {
  const { openAlsaPcmInput, loadCapture } = await import('./audio/alsa-input.ts')
  loadCapture()
  return () => openAlsaPcmInput(config)
}

/** How deep the output a board file names is kept filled: `bufferMs`, or what its driver needs. */
export const fillMs = ({ driver, bufferMs }: AudioConfig): number =>
  driver === 'speaker' ? Math.max(SPEAKER_FILL_MS, bufferMs) : bufferMs

/**
 * Takes the lines of one amplifier; its relay is open when this resolves.
 * @throws AMPLIFIER when a line cannot be had. @throws UNSUPPORTED when this machine or build lacks the driver
 */
export const openAmplifier = async (config: RelayConfig): Promise<Amplifier> =>
  (await import('./gpio/open-amplifier.ts')).openAmplifier(config)

/**
 * Drives every relay open and lets go again, for when the process that held them is dead;
 * says for each what went wrong, if anything. Never rejects.
 */
export const forceOpen = async (amplifiers: readonly AmplifierConfig[]): Promise<readonly ForcedRelay[]> =>
  (await import('./gpio/force-open.ts')).forceOpen(amplifiers)

/** Watches contacts until disposed of; handlers may be called before this resolves. @throws UNSUPPORTED when this machine lacks a driver */
export const watchContacts = async (
  lines: readonly ContactLine[],
  handlers: ContactHandlers,
): Promise<Contacts> => (await import('./gpio/watch-contacts.ts')).watchContacts(lines, handlers)

/**
 * Opens one sign. A sign whose port cannot be opened is there with a fault in its health, and goes on trying.
 * `wall` stamps the trace of a virtual sign and sets the clocks of others; in the state folder stands what is remembered of
 * a controller's memory. @throws CONFIG when the protocol cannot carry a panel of that size
 */
export const openSignboard = async (
  config: SignConfig,
  wall: () => EpochMs,
  stateFolder?: string,
): Promise<Signboard> => {
  switch (config.driver) {
    case 'onbon-bx5k':
      return (await import('./signboard/onbon/bx5k-signboard.ts')).openBx5kSignboard(config, wall)
    case 'onbon-bx6':
      return (await import('./signboard/onbon/bx6-signboard.ts')).openBx6Signboard(config)
    case 'alpha': {
      const { openLayoutFile } = await import('./signboard/alpha/layout-file.ts')
      const { openAlphaSignboard } = await import('./signboard/alpha/alpha-signboard.ts')
      return openAlphaSignboard(config, wall, openLayoutFile(stateFolder, config.id))
    }
    case 'am03127':
      return (await import('./signboard/am03127/am03127-signboard.ts')).openAm03127Signboard(config, wall)
    case 'jetfile2':
      return (await import('./signboard/jetfile2/jetfile2-signboard.ts')).openJetfile2Signboard(config, wall)
    case 'hanover':
      return (await import('./signboard/hanover/hanover-signboard.ts')).openHanoverSignboard(config)
    case 'adalight':
      return (await import('./signboard/adalight/adalight-signboard.ts')).openAdalightSignboard(config)
    case 'awa':
      return (await import('./signboard/awa/awa-signboard.ts')).openAwaSignboard(config)
    case 'tpm2':
      return (await import('./signboard/tpm2/tpm2-signboard.ts')).openTpm2Signboard(config)
    case 'generic-serial':
      return (await import('./signboard/generic/generic-signboard.ts')).openGenericSignboard(config)
    case 'framebuffer':
      return (await import('./signboard/framebuffer/framebuffer-signboard.ts')).openFramebufferSignboard(
        config,
      )
    case 'virtual':
      return (await import('./signboard/virtual/virtual-signboard.ts')).openVirtualSignboard(config, wall)
  }
}
