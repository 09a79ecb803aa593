package dev.merlon.model.norm;

/** What a full step of an attack is where clipping makes the box around a set uneven. */
public enum StepWidth {
  /** Half the box's width of each pixel (CTBench). */
  PER_PIXEL,
  /** Half the largest width (SABR's code). */
  LARGEST
}
