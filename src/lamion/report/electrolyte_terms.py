"""Terms of EMMO and its domains, which BattINFO uses, for what an electrolyte's parameters are.

Every address was looked up in the contexts that the domain ontologies for electrochemistry and batteries publish
(https://w3id.org/emmo/domain/electrochemistry, https://w3id.org/emmo/domain/battery). What has no address of its own
there, such as where a number comes from, is said with schema.org's terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CONTEXT: dict[str, Any] = {
    "emmo": "https://w3id.org/emmo#",
    "electrochemistry": "https://w3id.org/emmo/domain/electrochemistry#",
    "chameo": "https://w3id.org/emmo/domain/characterisation-methodology/chameo#",
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "Electrolyte": "electrochemistry:electrochemistry_fb0d9eef_92af_4628_8814_e065ca255d59",
    "IonicConductivity": "electrochemistry:electrochemistry_25dabdc2_68bf_4a38_8cbe_11be017358bc",
    "IonTransportNumber": "emmo:EMMO_d97b27cb_61a4_4568_a38b_4edd4f224acc",
    "ActivationEnergy": "electrochemistry:electrochemistry_d7f8cab9_b035_4ecd_be63_292672572526",
    "ThermodynamicTemperature": "emmo:EMMO_affe07e4_e9bc_4852_86c6_69e26182a17f",
    "MeasuredProperty": "emmo:EMMO_873b0ab3_88e6_4054_b901_5531e01f14a4",
    "ModelledProperty": "emmo:EMMO_d0200cf1_e4f4_45ae_873f_b9359daea3cd",
    "MetrologicalUncertainty": "emmo:EMMO_847724b7_acef_490e_9f0d_67da967f2812",
    "RealData": "emmo:EMMO_18d180e4_5e3e_42f7_820c_e08951223486",
    "SiemensPerMetre": "emmo:SiemensPerMetre",
    "JoulePerMole": "emmo:JoulePerMole",
    "Kelvin": "emmo:Kelvin",
    "UnitOne": "emmo:EMMO_5ebd5e01_0ed3_49a2_a30d_cd05cbe72978",
    "hasProperty": {"@id": "emmo:EMMO_e1097637_70d2_4895_973f_2396f04fa204", "@type": "@id"},
    "hasNumericalPart": {"@id": "emmo:EMMO_8ef3cd6d_ae58_4a8d_9fc0_ad8f49015cd0", "@type": "@id"},
    "hasNumericalValue": "emmo:EMMO_faf79f53_749d_40b2_807c_d34244c192f4",
    "hasMeasurementUnit": {"@id": "emmo:EMMO_bed1d005_b04e_4a90_94cf_02bc678a8569", "@type": "@vocab"},
    "hasMetrologicalUncertainty": {"@id": "emmo:EMMO_662c64e7_fc72_49b3_a161_f50fd42deafa", "@type": "@id"},
    "hasMeasurementParameter": {"@id": "chameo:hasMeasurementParameter", "@type": "@id"},
    "name": "schema:name",
    "description": "schema:description",
    "citation": {"@id": "schema:citation", "@type": "@id"},
    "provenance": "schema:additionalProperty",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
}
"""The context of a description, which needs no other to be read."""


@dataclass(frozen=True)
class Given:
    """A task's result that is a parameter.

    Parameters
    ----------
    task : str
        Its words.
    result : str
        The result's name.
    temperature : str
        The option that says at which temperature it holds; empty for none.
    """

    task: str
    result: str
    temperature: str = ""


@dataclass(frozen=True)
class Term:
    """A parameter of an electrolyte.

    Parameters
    ----------
    name : str
        Its word in the context.
    unit : str
        The unit in which it is written.
    unit_name : str
        That unit's word in the context.
    results : tuple of Given
        The tasks' results that are this parameter.
    remark : str
        What a reader should know of it.
    """

    name: str
    unit: str
    unit_name: str
    results: tuple[Given, ...]
    remark: str = ""


TERMS = (
    Term(
        "IonicConductivity",
        "S/m",
        "SiemensPerMetre",
        (
            Given("analyze conductivity", "conductivity", "temperature"),
            Given("analyze arrhenius", "conductivity", "at"),
            Given("analyze polarisation", "conductivity", "temperature"),
            Given("design conductivity", "simulated_conductivity"),
        ),
    ),
    Term(
        "IonTransportNumber",
        "1",
        "UnitOne",
        (
            Given("analyze transference", "current_fraction"),
            Given("analyze transference", "transference_number"),
            Given("analyze polarisation", "transference", "temperature"),
            Given("design transference", "simulated_fraction"),
        ),
        "of the lithium ion; a current fraction is its transference number only where the ions are independent",
    ),
    Term(
        "ActivationEnergy",
        "J/mol",
        "JoulePerMole",
        (Given("analyze arrhenius", "activation_energy"), Given("design arrhenius", "simulated_activation_energy")),
        "of the ionic conductivity",
    ),
)
