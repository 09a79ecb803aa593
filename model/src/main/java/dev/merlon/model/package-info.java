/**
 * The mathematics of training and certification; each subpackage has one job of it. It may import
 * {@code config} and {@code proto}, and never Akka.
 */
@NullMarked
package dev.merlon.model;

import org.jspecify.annotations.NullMarked;
