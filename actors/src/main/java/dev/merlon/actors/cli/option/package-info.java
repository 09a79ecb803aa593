/**
 * What commands share: groups of options, readers of their values, the words that help and
 * completion name.
 */
@NullMarked
package dev.merlon.actors.cli.option;

import org.jspecify.annotations.NullMarked;
