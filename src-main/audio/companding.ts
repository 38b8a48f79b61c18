/**
 * ITU-T G.711: what each of the 256 codes of mu-law and A-law stands for, full scale being 1. A code holds a sign, a
 * segment and a step in it; mu-law's is stored inverted, A-law's has every other bit inverted.
 */

export const muLaw: Float32Array = table((code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  // Both zeros are the same silence.
  return (bits & 0x80 ? -magnitude : magnitude) / 2 ** 15 + 0;
});

export const aLaw: Float32Array = table((code) => {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80 ? magnitude : -magnitude) / 2 ** 15;
});

function table(valueOf: (code: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => valueOf(code));
}
