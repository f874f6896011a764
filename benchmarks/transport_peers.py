"""The film of `transport.py` by other programs; runs inside an environment of its own, prints a line of JSON.

    python transport_peers.py PROGRAM METHOD STEPS

METHOD is coupled (backward Euler, c and Phi by Newton's method or sweeps), kinetics (the same between electrodes with
charge transfer at a held voltage) or best (the concentration alone, then a potential at each output).
STEPS are those between two outputs.
"""

import json
import os
import sys
import time

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NGS_NUM_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))
os.environ.setdefault("FIPY_SOLVERS", "scipy")

import numpy as np  # noqa: E402

FARADAY, GAS, TEMPERATURE = 96485.33212, 8.314462618, 298.15
LENGTH, WIDTH, CELLS, GRADING = 1e-4, 1.35e-4, 100, 20.0
SIGMA, TRANSFERENCE, INITIAL, CURRENT = 8.92e-3, 0.35, 2000.0, 12.0
VOLTAGE, RESISTANCE = 0.3, 50e-4
OUTPUTS = 60.0 * (np.arange(1, 30) / 29) ** 2

THERMAL = GAS * TEMPERATURE / FARADAY
DIFFUSIVITY = 2 * TRANSFERENCE * (1 - TRANSFERENCE) * SIGMA * THERMAL / (FARADAY * INITIAL)
RATIO = SIGMA / INITIAL
DRIVE = 2 * THERMAL * (1 - TRANSFERENCE)
SHARE = (1 - TRANSFERENCE) / FARADAY
EXCHANGE = THERMAL / RESISTANCE
NEWTON, CLOSE = 14, 1e-7
SCALE_C, SCALE_PHI = INITIAL, THERMAL


def edges(method: str) -> np.ndarray:
    """Return the cells' edges through the film: even for the same algorithm, crowded at the electrodes for the best."""
    if not method.startswith("best"):
        return np.linspace(0, LENGTH, CELLS + 1)
    place = 1 - np.abs(np.linspace(-1, 1, CELLS))
    widths = GRADING ** (place / place.max())
    return np.concatenate([[0.0], np.cumsum(widths)]) * LENGTH / widths.sum()


def centres(method: str) -> np.ndarray:
    """Return where concentrations are compared."""
    return (edges(method)[1:] + edges(method)[:-1]) / 2


def exact(position: np.ndarray, when: float) -> np.ndarray:
    """Return the concentration of the film at a current, from its series."""
    slope = -SHARE * CURRENT / DIFFUSIVITY
    n = np.arange(1, 4000, 2)
    decay = 4 * LENGTH / (n * np.pi) ** 2 * np.exp(-((n * np.pi / LENGTH) ** 2) * DIFFUSIVITY * when)
    used = decay > 1e-18 * LENGTH
    series = np.cos(np.pi * np.outer(position / LENGTH, n[used])) @ decay[used]
    return INITIAL + slope * (position - LENGTH / 2 + series)


def marks(steps: int):
    """Yield (begin, end, whether end is an output)."""
    last = 0.0
    for output in OUTPUTS:
        times = np.linspace(last, output, steps + 1)
        for k in range(steps):
            yield times[k], times[k + 1], k == steps - 1
        last = output


def main() -> None:
    program, method, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    run = {"scikit-fem": scikit_fem, "NGSolve": ngsolve_program, "FiPy": fipy_program}[program](method)
    begin = time.process_time()
    found = run(steps)
    seconds = time.process_time() - begin
    error = None
    if method != "kinetics":
        fields = zip(found["fields"], OUTPUTS, strict=True)
        error = max(float(np.abs(found["read"](c) - exact(centres(method), t)).max()) for c, t in fields)
    print(json.dumps({"seconds": seconds, "error": error, "solves": found["solves"], "end": found["end"]}))


# scikit-fem ---------------------------------------------------------------------------------------------------------


def scikit_fem(method):
    import skfem
    from scipy.sparse import bmat
    from scipy.sparse.linalg import splu

    second = method == "best-quadratic"
    along = edges(method)[:: 2 if second else 1]
    mesh = skfem.MeshQuad.init_tensor(along, np.linspace(0, WIDTH, along.size))
    mesh = mesh.with_boundaries({"low": lambda x: x[0] < 1e-12, "high": lambda x: x[0] > LENGTH - 1e-12})
    element = skfem.ElementQuad2() if second else skfem.ElementQuad1()
    basis = skfem.Basis(mesh, element, intorder=4 if second else 2)
    ends = {name: skfem.FacetBasis(mesh, element, facets=name) for name in ("low", "high")}
    mass = skfem.BilinearForm(lambda u, v, w: u * v)
    weighted = skfem.BilinearForm(lambda u, v, w: w.k * (u.grad[0] * v.grad[0] + u.grad[1] * v.grad[1]))
    drift = skfem.BilinearForm(lambda u, v, w: u * (w.p.grad[0] * v.grad[0] + w.p.grad[1] * v.grad[1]))
    one = skfem.LinearForm(lambda v, w: v)
    low, high = (one.assemble(ends[name]) for name in ("low", "high"))
    probes = basis.probes(np.array([centres(method), np.full(CELLS, 0.501 * WIDTH)]))
    pinned = basis.get_dofs("high").all()

    def coupled(steps):
        size, solves, fields = basis.N, 0, []
        c, phi = np.full(size, INITIAL), np.zeros(size)
        M = mass.assemble(basis)
        K = weighted.assemble(basis, k=1.0)
        charge = np.concatenate([np.zeros(size), CURRENT * low])
        free = np.setdiff1d(np.arange(2 * size), size + pinned)
        for begin, end, output in marks(steps):
            dt, old = end - begin, c
            for _ in range(NEWTON):
                A = weighted.assemble(basis, k=basis.interpolate(c))
                B = drift.assemble(basis, p=basis.interpolate(phi))
                flow = RATIO * (A @ phi) - RATIO * DRIVE * (K @ c)
                by_c = RATIO * B - RATIO * DRIVE * K
                residual = np.concatenate([M @ (c - old) / dt + DIFFUSIVITY * (K @ c) - SHARE * flow, flow]) - charge
                jacobian = bmat(
                    [[M / dt + DIFFUSIVITY * K - SHARE * by_c, -SHARE * RATIO * A], [by_c, RATIO * A]]
                ).tocsc()
                step = np.zeros(2 * size)
                step[free] = splu(jacobian[free][:, free]).solve(-residual[free])
                solves += 1
                c, phi = c + step[:size], phi + step[size:]
                if max(np.abs(step[:size]).max() / SCALE_C, np.abs(step[size:]).max() / SCALE_PHI) < CLOSE:
                    break
            if output:
                fields.append(c)
        return {"fields": fields, "read": lambda field: probes @ field, "solves": solves, "end": float(phi[0])}

    def best(steps):
        solves, fields = 0, []
        c, gamma = np.full(basis.N, INITIAL), 1 - 1 / np.sqrt(2)
        M, K = mass.assemble(basis).tocsc(), DIFFUSIVITY * weighted.assemble(basis, k=1.0).tocsc()
        load = SHARE * CURRENT * (low - high)
        free = np.setdiff1d(np.arange(basis.N), pinned)
        for begin, end, output in marks(steps):
            dt = end - begin
            if steps == 1 or np.isclose(begin, 0) or begin in OUTPUTS:
                solve = splu(M + gamma * dt * K).solve
            first = solve(load - K @ c)
            second_ = solve(load - K @ (c + (1 - gamma) * dt * first))
            c = c + dt * ((1 - gamma) * first + gamma * second_)
            solves += 2
            if output:
                fields.append(c)
                A = RATIO * weighted.assemble(basis, k=basis.interpolate(c)).tocsc()
                right = CURRENT * low + RATIO * DRIVE * (K @ c) / DIFFUSIVITY
                phi = np.zeros(basis.N)
                phi[free] = splu(A[free][:, free]).solve(right[free])
                solves += 1
        return {"fields": fields, "read": lambda field: probes @ field, "solves": solves, "end": float(phi[0])}

    return coupled if method == "coupled" else best


# NGSolve ------------------------------------------------------------------------------------------------------------


def ngsolve_program(method):
    import ngsolve as ngs
    from ngsolve.meshes import MakeStructured2DMesh

    mesh = MakeStructured2DMesh(quads=True, nx=CELLS, ny=CELLS, mapping=lambda x, y: (LENGTH * x, WIDTH * y))

    def coupled(steps, kinetics):
        dirichlet = "" if kinetics else "right"
        space = ngs.H1(mesh, order=1) * ngs.H1(mesh, order=1, dirichlet=dirichlet)
        (c, phi), (v, w) = space.TnT()
        now, old = ngs.GridFunction(space), ngs.GridFunction(space)
        now.components[0].Set(INITIAL)
        dt = ngs.Parameter(1.0)
        current = -RATIO * (c * ngs.grad(phi) - DRIVE * ngs.grad(c))
        form = ngs.BilinearForm(space)
        form += (
            (c - old.components[0]) / dt * v + (DIFFUSIVITY * ngs.grad(c) + SHARE * current) * ngs.grad(v)
        ) * ngs.dx
        form += -current * ngs.grad(w) * ngs.dx
        if kinetics:
            for side, held in (("left", VOLTAGE), ("right", 0.0)):
                into = 2 * EXCHANGE * ngs.sinh((held - phi) / (2 * THERMAL))
                form += -into * w * ngs.ds(side)
        else:
            form += -CURRENT * w * ngs.ds("left")
        residual, step = now.vec.CreateVector(), now.vec.CreateVector()
        split = space.Range(0)
        solves, fields = 0, []
        free = space.FreeDofs()
        for begin, end, output in marks(steps):
            dt.Set(end - begin)
            old.vec.data = now.vec
            for _ in range(NEWTON):
                form.Apply(now.vec, residual)
                form.AssembleLinearization(now.vec)
                step.data = form.mat.Inverse(free, inverse="umfpack") * residual
                now.vec.data -= step
                solves += 1
                change = step.FV().NumPy()
                most = max(np.abs(change[: split.stop]).max() / SCALE_C, np.abs(change[split.stop :]).max() / SCALE_PHI)
                if most < CLOSE:
                    break
            if output:
                fields.append(now.components[0].vec.FV().NumPy().copy())
        place = now.components[1](mesh(0.0, WIDTH / 3))
        if kinetics:
            place = 2 * EXCHANGE * np.sinh((VOLTAGE - place) / (2 * THERMAL))

        def read(field):
            now.components[0].vec.FV().NumPy()[:] = field
            return np.array([now.components[0](mesh(x, 0.501 * WIDTH)) for x in centres(method)])

        return {"fields": fields, "read": read, "solves": solves, "end": float(place)}

    return lambda steps: coupled(steps, kinetics=method == "kinetics")


# FiPy ---------------------------------------------------------------------------------------------------------------


def fipy_program(method):
    """Lengths over L, concentrations over c0, potentials over RT/F, times over L2/D: its solvers need it."""
    import fipy
    from fipy.solvers import LinearLUSolver, LinearPCGSolver

    across = WIDTH / LENGTH
    widths = np.diff(edges(method)) / LENGTH
    mesh = fipy.Grid2D(nx=CELLS, ny=CELLS, dx=widths, dy=across / CELLS)
    x = mesh.cellCenters[0].value
    at_low, at_high = (x < widths[0]) / widths[0], (x > 1 - widths[-1]) / widths[-1]
    drift, drive, unit = SHARE * RATIO * THERMAL / DIFFUSIVITY, DRIVE / THERMAL, LENGTH**2 / DIFFUSIVITY
    current = CURRENT * LENGTH / (SIGMA * THERMAL)
    into = fipy.CellVariable(mesh=mesh, value=current * at_low)
    pin = fipy.CellVariable(mesh=mesh, value=2.0 / widths[-1] * at_high)
    c, phi = fipy.CellVariable(mesh=mesh, value=1.0, hasOld=True), fipy.CellVariable(mesh=mesh, value=0.0)
    exactly = LinearLUSolver(tolerance=1e-12)

    def coupled(steps):
        salt = fipy.TransientTerm(var=c) == fipy.DiffusionTerm(coeff=1 + drift * drive, var=c) - fipy.DiffusionTerm(
            coeff=drift * c.faceValue, var=phi
        )
        charge = (
            fipy.DiffusionTerm(coeff=c.faceValue, var=phi)
            - fipy.DiffusionTerm(coeff=drive, var=c)
            + into
            - fipy.ImplicitSourceTerm(coeff=pin, var=phi)
        ) == 0
        system, solves, fields = salt & charge, 0, []
        for begin, end, output in marks(steps):
            c.updateOld()
            for _ in range(NEWTON):
                before = c.value.copy(), phi.value.copy()
                system.sweep(dt=(end - begin) / unit, solver=exactly)
                solves += 1
                change = np.abs(c.value - before[0]).max(), np.abs(phi.value - before[1]).max()
                if max(change) < CLOSE:
                    break
            if output:
                fields.append(c.value[:CELLS].copy())
        return answer(fields, solves)

    def best(steps):
        flux = SHARE * CURRENT * LENGTH / (DIFFUSIVITY * INITIAL)
        source = fipy.CellVariable(mesh=mesh, value=flux * (at_low - at_high))
        diffusion = fipy.TransientTerm(var=c) == fipy.DiffusionTerm(coeff=1.0, var=c) + source
        ohmic = (
            fipy.DiffusionTerm(coeff=c.faceValue, var=phi)
            + into
            - (drive * c.faceGrad * ~mesh.exteriorFaces).divergence
            - fipy.ImplicitSourceTerm(coeff=pin, var=phi)
        ) == 0
        iterative, solves, fields = LinearPCGSolver(tolerance=1e-10, iterations=2000), 0, []
        for begin, end, output in marks(steps):
            c.updateOld()
            diffusion.solve(var=c, dt=(end - begin) / unit, solver=iterative)
            solves += 1
            if output:
                fields.append(c.value[:CELLS].copy())
                ohmic.solve(var=phi, solver=exactly)
                solves += 1
        return answer(fields, solves)

    def answer(fields, solves):
        return {"fields": fields, "read": lambda c: c * INITIAL, "solves": solves, "end": THERMAL * float(phi.value[0])}

    return coupled if method == "coupled" else best


if __name__ == "__main__":
    main()
