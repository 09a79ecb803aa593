package dev.merlon.config.attack;

import dev.merlon.config.value.Words;

/** How an evaluation searches for adversarial points. */
public enum AttackMethod {
  /** Projected gradient ascent on the cross-entropy (Madry et al. 2018). */
  PGD("PGD"),
  /**
   * APGD (Croce and Hein 2020; for {@code l1} their paper of 2021) on the cross-entropy and then on
   * the difference of logits ratio.
   */
  APGD("APGD"),
  /** APGD on the targeted difference of logits ratio, towards one other class after another. */
  APGD_TARGETED("targeted APGD");

  private final String title;

  AttackMethod(String title) {
    this.title = title;
  }

  /** Its name in sentences. */
  public String title() {
    return title;
  }

  /** Its name in settings and results, such as {@code apgd-targeted}. */
  public String word() {
    return Words.of(this);
  }
}
