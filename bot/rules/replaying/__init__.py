"""The parts of a backtest: two files side by side on one reaction, the adding up, and processes to do it in."""
