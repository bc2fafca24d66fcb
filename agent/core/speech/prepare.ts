import { readAbbreviations, spellLetters } from './abbreviations.ts'
import { linesToSentences, plainText, tidy, withoutSigns } from './characters.ts'
import { readDates, readTimes } from './dates.ts'
import { readFigures } from './figures.ts'
import { readUnits } from './units.ts'

const LINK = /(?:https?:\/\/|www\.)([\p{L}\p{N}.-]{1,100})[^\s<>]*/gu
const SIGNS: Readonly<Record<string, string>> = { '&': ' và ', '@': ' a còng ', '%': ' phần trăm ' }

const readLinks = (text: string): string =>
  text.replaceAll(LINK, (_found: string, host: string) => host.replaceAll('.', ' chấm '))

/** What no number rule took: a slash is a short break, the rest has a name or none. */
const readSigns = (text: string): string =>
  text
    .replaceAll(/[&@%]/g, (sign) => SIGNS[sign] ?? ' ')
    .replaceAll('/', ', ')
    .replaceAll(/[+$€°]/g, ' ')

const vietnamese = (text: string): string =>
  spellLetters(
    readSigns(withoutSigns(readFigures(readUnits(readDates(readTimes(readAbbreviations(readLinks(text)))))))),
  )

/**
 * A text as it is given to the synthesiser: no markup, no character that steers it; in Vietnamese also numbers, dates,
 * times, units and abbreviations in words. Never throws; at most 16 times as long as it was; perhaps empty.
 */
export const prepareSpeech = (text: string, language: string): string => {
  const plain = linesToSentences(plainText(text))
  const isVietnamese = /^vi(?:-|$)/i.test(language)
  return tidy(isVietnamese ? vietnamese(plain) : withoutSigns(plain))
}
