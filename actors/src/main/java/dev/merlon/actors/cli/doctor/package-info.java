/** {@code merlon doctor}: checks of the machine and what they found. */
@NullMarked
package dev.merlon.actors.cli.doctor;

import org.jspecify.annotations.NullMarked;
