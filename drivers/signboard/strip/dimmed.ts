const FULL = 100

/** RGB888 in `percent` of its brightness; what is lit stays lit. */
export const dimmed = (rgb: Uint8Array, percent: number): Uint8Array =>
  percent >= FULL ? rgb : rgb.map((value) => Math.ceil((value * percent) / FULL))
