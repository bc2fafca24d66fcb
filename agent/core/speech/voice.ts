/** Voices of Debian's espeak-ng 1.51 by lower-case language tag, as far as a province of Viet Nam may ask for them. */
const VOICES: Readonly<Record<string, string>> = {
  vi: 'vi',
  'vi-vn-x-central': 'vi-vn-x-central',
  'vi-vn-x-south': 'vi-vn-x-south',
  cmn: 'cmn',
  de: 'de',
  en: 'en-gb',
  'en-gb': 'en-gb',
  'en-us': 'en-us',
  es: 'es',
  fr: 'fr-fr',
  hak: 'hak',
  id: 'id',
  it: 'it',
  ja: 'ja',
  ko: 'ko',
  ms: 'ms',
  my: 'my',
  pt: 'pt',
  ru: 'ru',
  shn: 'shn',
  th: 'th',
  yue: 'yue',
  zh: 'cmn',
}

export const DEFAULT_LANGUAGE = 'vi'

/** A voice, and the language whose rules its text is prepared by. */
export type Voice = { readonly name: string; readonly language: string }

const INSTALLED = 'piper:'

/** Name of the voice that this device has for a language beside those of espeak-ng. */
export const installedVoice = (language: string): string => `${INSTALLED}${language.toLowerCase()}`
export const isInstalledVoice = (name: string): boolean => name.startsWith(INSTALLED)

/** RFC 4647 section 3.4: the tag is shortened from its end, a single-letter subtag going with what follows it. */
const lookUp = (tag: string, installed: ReadonlySet<string>): Voice | undefined => {
  const subtags = tag.toLowerCase().split('-')
  while (subtags.length > 0) {
    const language = subtags.join('-')
    if (installed.has(language)) return { name: installedVoice(language), language }
    const name = Object.hasOwn(VOICES, language) ? VOICES[language] : undefined
    if (name !== undefined) return { name, language }
    subtags.pop()
    if (subtags.at(-1)?.length === 1) subtags.pop()
  }
  return undefined
}

const NONE: ReadonlySet<string> = new Set()

/**
 * The voice for a BCP 47 tag: its own, else that of the shortened tag, else of the device's first language, else `vi`; of
 * two for the same tag the installed one. Languages of minorities that nobody speaks here (Tày, H'Mông, Khmer, …) are read
 * by the device's voice.
 * @param installed lower-case languages that have a voice of their own
 */
export const voiceFor = (tag: string, deviceLanguage: string, installed: ReadonlySet<string> = NONE): Voice =>
  lookUp(tag, installed) ??
  lookUp(deviceLanguage, installed) ??
  lookUp(DEFAULT_LANGUAGE, installed) ?? { name: DEFAULT_LANGUAGE, language: DEFAULT_LANGUAGE }
