% Ridge through vem_ridge (see vem_ridge.c), beside the backslash.
rand("seed", 0);
X = rand(50, 4) - 0.5;
Y = rand(50, 3) - 0.5;
weights = vem_ridge(X, Y, 2);
expected = (X' * X + 2 * eye(4)) \ (X' * Y);
assert(max(abs(weights(:) - expected(:))) < 1e-10);
try
  vem_ridge(X, Y, -1);
  error("not refused");
catch failure
  assert(~isempty(strfind(failure.message, "alphas")));
  disp(['as it should be, with ' vem_ridge() ': ' failure.message]);
end
