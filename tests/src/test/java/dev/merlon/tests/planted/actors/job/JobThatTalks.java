package dev.merlon.tests.planted.actors.job;

import dev.merlon.tests.planted.actors.cli.CommandThatPrints;

/** A job that knows who watches it. */
final class JobThatTalks {
  String words() {
    return new CommandThatPrints().words();
  }
}
