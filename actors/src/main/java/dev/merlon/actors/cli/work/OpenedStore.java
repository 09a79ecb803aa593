package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.config.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.store.CertificateStore;
import dev.merlon.model.store.Facts;
import dev.merlon.model.store.FileConfirmer;
import dev.merlon.model.store.TolerantFacts;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Outcome;
import java.util.Optional;
import java.util.Set;

/** The store of verdicts that a command works with, if it does with one. */
final class OpenedStore implements AutoCloseable {
  private final Optional<CertificateStore> store;
  private final boolean needed;
  private final Console console;

  private OpenedStore(Optional<CertificateStore> store, boolean needed, Console console) {
    this.store = store;
    this.needed = needed;
    this.console = console;
  }

  /**
   * Opens what was chosen.
   *
   * @throws MerlonException when the file that a user named cannot be used
   */
  static OpenedStore open(StoreChoice choice, CommandContext context) {
    Optional<CertificateStore> store =
        choice
            .named()
            .map(file -> CertificateStore.open(file, context.store().prover()))
            .or(() -> choice.wanted() ? usual(context) : Optional.empty());
    return new OpenedStore(store, choice.named().isPresent(), context.console());
  }

  private static Optional<CertificateStore> usual(CommandContext context) {
    StoreHome home = context.store();
    try {
      return Optional.of(CertificateStore.open(home.file().get(), home.prover()));
    } catch (MerlonException unusable) {
      context
          .console()
          .say(
              "Note: "
                  + Sentence.of(
                      unusable.failure().message() + "; verdicts are neither looked up nor kept"));
      return Optional.empty();
    }
  }

  /**
   * What is known about a model.
   *
   * @param retry verdicts that are no answer
   */
  Facts facts(ImportedModel model, Effort effort, Set<Outcome.Kind> retry) {
    return store
        .map(opened -> opened.about(model, effort, retry, new FileConfirmer(model)))
        .map(facts -> needed ? facts : new TolerantFacts(facts, this::note))
        .orElse(Facts.NONE);
  }

  private void note(String loss) {
    console.say("Note: " + Sentence.of(loss));
  }

  @Override
  public void close() {
    store.ifPresent(CertificateStore::close);
  }
}
