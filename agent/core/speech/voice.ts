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

/** RFC 4647 section 3.4: the tag is shortened from its end, a single-letter subtag going with what follows it. */
const lookUp = (tag: string): string | undefined => {
  const subtags = tag.toLowerCase().split('-')
  while (subtags.length > 0) {
    const language = subtags.join('-')
    if (Object.hasOwn(VOICES, language)) return language
    subtags.pop()
    if (subtags.at(-1)?.length === 1) subtags.pop()
  }
  return undefined
}

/**
 * The voice for a BCP 47 tag: its own, else that of the shortened tag, else of the device's first language, else `vi`.
 * Languages of minorities that espeak-ng does not speak (Tày, H'Mông, Khmer, …) are read by the device's voice.
 */
export const voiceFor = (tag: string, deviceLanguage: string): Voice => {
  const language = lookUp(tag) ?? lookUp(deviceLanguage) ?? DEFAULT_LANGUAGE
  return { name: VOICES[language] ?? DEFAULT_LANGUAGE, language }
}
