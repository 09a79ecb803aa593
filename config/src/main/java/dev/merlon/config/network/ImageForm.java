package dev.merlon.config.network;

/** The form in which training images are given to the network. */
public enum ImageForm {
  /** As evaluation sees them: whole, or their centre. */
  CLEAN,
  /** As the settings of augmentation change them in an epoch. */
  AUGMENTED
}
