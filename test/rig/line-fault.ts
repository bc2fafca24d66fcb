/** `up`: from the device to the broker. */
export type Way = 'up' | 'down'

/** What is wrong with the line. It holds for connections that stand as for new ones. */
export type LineFault =
  | { readonly kind: 'none' }
  /** Every connection ends at once, as behind a router whose uplink is down. */
  | { readonly kind: 'refuse' }
  /** Half-open: connections are taken, every byte is swallowed, nobody says a word. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'late'; readonly ms: number }
  /** The next packet of this type (MQTT, section 2.1.2) is cut off after its first byte, and the connection with it. */
  | { readonly kind: 'cut'; readonly packet: number; readonly way: Way }
