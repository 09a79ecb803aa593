package dev.merlon.actors.verification;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which store of verdicts a user wants.
 *
 * @param wanted whether verdicts are looked up and kept at all
 * @param named the file, which has to be usable; empty = the one in Merlon's home folder, without
 *     which the work is done if it cannot be used
 */
public record StoreChoice(boolean wanted, Optional<Path> named) {
  /** The one in Merlon's home folder. */
  public static final StoreChoice USUAL = new StoreChoice(true, Optional.empty());

  /** None. */
  public static final StoreChoice NONE = new StoreChoice(false, Optional.empty());

  /** This file. */
  public static StoreChoice of(Path file) {
    return new StoreChoice(true, Optional.of(file));
  }
}
