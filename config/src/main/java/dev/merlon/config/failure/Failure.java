package dev.merlon.config.failure;

import java.io.Serializable;

/**
 * What went wrong, for people and for programs: a stable {@link #code()}, a one-line {@link
 * #message()} that says what and where, and a one-line {@link #remedy()} that says what to do.
 */
public sealed interface Failure extends Serializable {

  /** A word that never changes between versions, such as {@code data}. */
  String code();

  /** What is wrong and where, in one line. */
  String message();

  /** What the reader can do about it, in one line. */
  String remedy();

  /** Whether it lies in what the user gave: settings, data or a model. */
  default boolean isOfInput() {
    return this instanceof Configuration || this instanceof Data || this instanceof ModelFormat;
  }

  /** A setting, preset or command-line option that is unknown, malformed or out of range. */
  record Configuration(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "configuration";
    }
  }

  /** Input data that is missing, damaged or not what it claims to be. */
  record Data(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "data";
    }
  }

  /** A NaN or infinity in a loss, gradient or bound. */
  record Numeric(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "numeric";
    }
  }

  /** A device that cannot be used, runs out of memory, or does not answer in time. */
  record Device(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "device";
    }
  }

  /** A model or checkpoint file that is damaged, unsupported or not a model at all. */
  record ModelFormat(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "model-format";
    }
  }

  /** A place on a network that cannot be reached, or does not give what it is asked for. */
  record Network(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "network";
    }
  }

  /** Work that stopped because somebody asked for it. */
  record Cancelled(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "cancelled";
    }
  }

  /** A broken promise of Merlon's own code. */
  record Internal(String message, String remedy) implements Failure {
    @Override
    public String code() {
      return "internal";
    }
  }
}
