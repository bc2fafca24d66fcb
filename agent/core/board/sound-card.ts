/** The card in the name of an ALSA device: its id, its number, or a link below /dev/snd; undefined where the name says none. */
export const cardOfDevice = (device: string): string | undefined => {
  if (device.startsWith('/dev/snd/')) return device
  const [, card] = /(?:CARD=|hw:)([^,=]+)(?:,|$)/.exec(device) ?? []
  return card
}

/** Cards are numbered in the order in which they are found. */
export const isCardNumber = (card: string): boolean => /^\d+$/.test(card)

/** Sound over I2S from a HAT on the header: its pins are not free. */
export const isHatCard = (card: string): boolean => card.startsWith('sndrpi')
