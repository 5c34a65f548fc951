/**
 * From a YAML file to a checked configuration record. In: a file and the environment. Out: the
 * record, or a {@link dev.gatehouse.deploy.config.ConfigException} with every fault at once.
 */
@NullMarked
package dev.gatehouse.deploy.config;

import org.jspecify.annotations.NullMarked;
