package dev.merlon.actors.verification;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.store.CertificateStore;
import dev.merlon.model.store.Facts;
import dev.merlon.model.store.FileConfirmer;
import dev.merlon.model.store.PropertyFacts;
import dev.merlon.model.store.StoreLost;
import dev.merlon.model.store.TolerantFacts;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Outcome;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The store of verdicts that a command works with, if it does with one. */
public final class OpenedStore implements AutoCloseable {
  private final Optional<CertificateStore> store;
  private final boolean needed;
  private final Consumer<String> notes;

  private OpenedStore(Optional<CertificateStore> store, boolean needed, Consumer<String> notes) {
    this.store = store;
    this.needed = needed;
    this.notes = notes;
  }

  /**
   * Opens what was chosen.
   *
   * @param home the usual one
   * @param notes told in one line when the usual one cannot be used, now or later
   * @throws MerlonException when the file that a user named cannot be used
   */
  public static OpenedStore open(StoreChoice choice, StoreHome home, Consumer<String> notes) {
    Optional<CertificateStore> store =
        choice
            .named()
            .map(file -> CertificateStore.open(file, home.prover()))
            .or(() -> choice.wanted() ? usual(home, notes) : Optional.empty());
    return new OpenedStore(store, choice.named().isPresent(), notes);
  }

  private static Optional<CertificateStore> usual(StoreHome home, Consumer<String> notes) {
    try {
      return Optional.of(CertificateStore.open(home.file().get(), home.prover()));
    } catch (MerlonException unusable) {
      notes.accept(unusable.failure().message() + "; verdicts are neither looked up nor kept.");
      return Optional.empty();
    }
  }

  /**
   * What is known about a model.
   *
   * @param retry verdicts that are no answer
   */
  public Facts facts(ImportedModel model, Effort effort, Set<Outcome.Kind> retry) {
    return store
        .map(opened -> opened.about(model, effort, retry, new FileConfirmer(model)))
        .map(facts -> needed ? facts : new TolerantFacts(facts, notes))
        .orElse(Facts.NONE);
  }

  /**
   * What is known about a property of a model; empty where no store is used.
   *
   * @param sha256 of the property's file
   */
  public Optional<PropertyFacts> about(ImportedModel model, String sha256, Effort effort) {
    return store.map(opened -> opened.about(model, sha256, effort));
  }

  /**
   * Does something with the store; where it is lost, and nobody needs it, that is said instead.
   *
   * @param without what is answered then
   */
  public <T> T tolerating(Supplier<T> work, T without) {
    try {
      return work.get();
    } catch (StoreLost lost) {
      if (needed) {
        throw lost;
      }
      notes.accept(lost.failure().message());
      return without;
    }
  }

  @Override
  public void close() {
    store.ifPresent(CertificateStore::close);
  }
}
