/** Files of a set of generated clips beside its WAVs and pictures. */
export const setFiles = {
  /** The set as the contract has it: recipe, model, clips. */
  set: 'recipe.json',
  /** What the model gave, `[clips, bins, frames]` float32 in 0..1: what pictures are painted from. */
  features: 'features.f32',
} as const;
