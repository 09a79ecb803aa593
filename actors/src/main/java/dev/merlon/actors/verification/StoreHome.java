package dev.merlon.actors.verification;

import dev.merlon.config.home.MerlonHome;
import dev.merlon.model.store.CertificateStore;
import dev.merlon.model.store.Prover;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where verdicts are kept unless somebody says otherwise, and who finds them.
 *
 * @param file throws a {@link dev.merlon.config.failure.MerlonException} where there is no place
 *     for one
 */
public record StoreHome(Supplier<Path> file, Prover prover) {
  /**
   * In Merlon's home folder.
   *
   * @param version of Merlon
   */
  public static StoreHome ofUser(String version) {
    return new StoreHome(
        () -> MerlonHome.ofProcess().folder().resolve(CertificateStore.FILE), Prover.of(version));
  }
}
