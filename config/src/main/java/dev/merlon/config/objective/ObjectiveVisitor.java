package dev.merlon.config.objective;

/** What differs between objectives: one method for each kind of settings. */
public interface ObjectiveVisitor<T> {
  /** Cross-entropy on clean inputs. */
  T natural(NaturalObjective objective);

  /** Cross-entropy on attacked inputs. */
  T pgd(PgdObjective objective);

  /** Interval bounds of the whole set. */
  T ibp(IbpObjective objective);

  /** Interval bounds of a small box. */
  T sabr(SabrObjective objective);

  /** Backward bounds over interval bounds. */
  T crownIbp(CrownIbpObjective objective);

  /** Backward bounds all the way. */
  T crown(CrownObjective objective);

  /** Latent search behind interval bounds. */
  T taps(TapsObjective objective);

  /** Mixtures of adversarial and interval losses. */
  T expressive(ExpressiveObjective objective);

  /** Several norms at once. */
  T cure(CureObjective objective);
}
